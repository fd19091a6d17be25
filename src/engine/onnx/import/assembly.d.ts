/** AssemblyScript that is bundled as WebAssembly: see `scripts/kernels.mjs`. */
declare module '*.wasm' {
  const code: Uint8Array;
  export default code;
}

/** What is used of WebAssembly, which Node has and its types leave out. */
declare namespace WebAssembly {
  class Memory {
    /** @param size In pages of 64 KB. */
    constructor(size: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
}
