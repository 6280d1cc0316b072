export class Circle {
  area(): number {
    return 1;
  }
}
