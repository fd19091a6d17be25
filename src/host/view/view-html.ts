/** What the page of a view loads. URIs are those that the webview may load. */
export interface ViewPage {
  readonly script: string;
  readonly style: string;
  /** Where the webview's own resources come from (`webview.cspSource`). */
  readonly source: string;
  /** Fresh for each page, from a cryptographic source. */
  readonly nonce: string;
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  /** The view's texts in that language by what they are in the code, where there is a translation. */
  readonly translations?: Readonly<Record<string, string>> | undefined;
}

/** The toolkit puts a style element without content on the page, to learn what the browser knows: none but that may be. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The page of a view: nothing runs but our script, nothing is loaded but our files and the images of its trace. */
export function viewHtml({ script, style, source, nonce, language, title, translations }: ViewPage): string {
  const policy = [
    "default-src 'none'",
    `img-src ${source}`,
    `style-src ${source} ${EMPTY_STYLE}`,
    `font-src ${source}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const texts = translations && escapeHtml(JSON.stringify(translations));
  const translated = texts === undefined ? '' : ` data-translations="${texts}"`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)}</title>
  <link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
  <div id="root"${translated}></div>
  <script nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
