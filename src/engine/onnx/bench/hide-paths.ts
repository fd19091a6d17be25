/**
 * Text that others may read: without `folders` and other absolute paths of this machine, which may say whose it is. Names
 * of files stay.
 */
export function hidePaths(text: string, folders: readonly string[]): string {
  let hidden = text;
  // Their names may have spaces, so they come first, and the longer ones before those that hold them.
  for (const folder of folders.filter((one) => one.length > 1).sort((a, b) => b.length - a.length)) {
    hidden = hidden.replaceAll(folder, '…');
  }
  return hidden
    .replace(/(?<!\w)(?:[A-Za-z]:|\\)(?:\\[^\\/:"'\n]+)+(?=\\)/g, '…')
    .replace(/(?<![\w/\\.…])(?:file:\/\/|[A-Za-z]:)?(?:[\\/][^\s\\/:"']+)+(?=[\\/])/g, '…');
}
