import { extname } from 'node:path';

/** Endings of the pictures that are read, without the dot; `package.json` names them too, in its `when` clauses. */
export const PICTURE_ENDINGS = ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'gif', 'tif', 'tiff', 'avif'] as const;

/** Endings of the videos that frames are taken from, without the dot. */
export const VIDEO_ENDINGS = ['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi'] as const;

const endingOf = (path: string): string => extname(path).slice(1).toLowerCase();

export const isPicture = (path: string): boolean => PICTURE_ENDINGS.some((one) => one === endingOf(path));
export const isVideo = (path: string): boolean => VIDEO_ENDINGS.some((one) => one === endingOf(path));
