package org.atomicfs.cli;

final class Main {
  private Main() {}

  public static void main(String[] a) {}
}
