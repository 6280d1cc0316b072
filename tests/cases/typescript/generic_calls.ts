// Calls with type arguments behind an operator: the grammar reads `await f<T>()` as `(await f)<T>()`.

class Settings<T> {
  set(name: string, value: T) {
    return this;
  }
}

class Helper {
  static async load<T>(name: string): Promise<Settings<T>> {
    return new Settings<T>();  //> generic_calls.ts::Settings
  }

  static async run<T>(value: T) {  //= generic_calls.ts::Helper.load, generic_calls.ts::Settings.set, generic_calls.ts::isVisible
    const own = await this.load<T>("a");  //> generic_calls.ts::Helper.load [self]
    own.set("a", value);  //> generic_calls.ts::Settings.set
    const other = await Helper.load<T>("b");  //> generic_calls.ts::Helper.load [class]
    other.set("b", value);  //> generic_calls.ts::Settings.set
    (await Helper.load<T>("c")).set("c", value);  //> generic_calls.ts::Settings.set ; generic_calls.ts::Helper.load
    if (!isVisible<T>(value)) return;  //> generic_calls.ts::isVisible [lexical]
    return typeof isVisible<T>(value);  //> generic_calls.ts::isVisible
  }
}

function isVisible<T>(value: T) {
  return true;
}
