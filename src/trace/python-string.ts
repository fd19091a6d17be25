/** The quotes that a string can stand in. */
export type Quote = '"' | "'";

/**
 * A string as a literal that Python and, in double quotes, JSON read as that string, wherever in a turn it stands: what
 * would end its line, its fence or the think text, or begin an answer, is written as an escape.
 */
export function formatString(value: string, quote: Quote = '"'): string {
  const json = JSON.stringify(value)
    // JSON takes these as they are, but to Python the first three end a line and backticks may close the fence.
    .replace(/[\u0085\u2028\u2029`]/g, escaped)
    .replace(/<(?=\/?(?:think|answer)>)/g, escaped);
  if (quote === '"') return json;
  const inside = json.slice(1, -1).replace(/\\.|'/g, (part) => {
    if (part === "'") return "\\'";
    return part === '\\"' ? '"' : part;
  });
  return `'${inside}'`;
}

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
