/** A stream of numbers in [0, 1) that depends on `seed` alone. */
export { mulberry32 as randomNumbers } from '../../src/shared/mulberry32';
