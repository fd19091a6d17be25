/** Files that are bundled as texts: see `scripts/text-files.mjs`. */
declare module '*.py' {
  const text: string;
  export default text;
}
declare module '*.sh' {
  const text: string;
  export default text;
}
