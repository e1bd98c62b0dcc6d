/** Programs that know nothing of the library; tests run them with it. */
package programs;
