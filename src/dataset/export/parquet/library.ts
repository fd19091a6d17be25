/**
 * What reads and writes parquet. In the package it is a program of its own (`scripts/build.mjs`), loaded where it is first needed: the
 * extension starts without it.
 */
export { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
export { ByteWriter, ParquetWriter } from 'hyparquet-writer';
