declare module '@litertjs/core/wasm/litert_wasm_internal.js' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
