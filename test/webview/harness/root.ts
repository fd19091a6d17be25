/** The repository's top folder: tests and benchmarks are started in it, the latter bundled elsewhere. */
export const ROOT = process.cwd();
