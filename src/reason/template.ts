/** A piece of a template: text as it is, or a placeholder by its name. */
export type TemplatePiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'placeholder'; readonly name: string };

/** What is wrong with a template, in words. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * The pieces of a template. `{name}` is a placeholder; `{{` and `}}` stand for the braces themselves. Throws
 * `TemplateError` for a brace that is neither.
 */
export function parseTemplate(template: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let text = '';
  for (const [token] of template.matchAll(/\{\{|\}\}|\{\w+\}|[{}]|[^{}]+/gu)) {
    if (token === '{{' || token === '}}') text += token[0];
    else if (token === '{' || token === '}') {
      throw new TemplateError(`a lone "${token}"; write "${token}${token}" for the brace itself`);
    } else if (token.startsWith('{')) {
      if (text !== '') pieces.push({ type: 'text', text });
      text = '';
      pieces.push({ type: 'placeholder', name: token.slice(1, -1) });
    } else text += token;
  }
  if (text !== '') pieces.push({ type: 'text', text });
  return pieces;
}

/** The names of a template's placeholders, in order, as often as they occur. */
export function placeholders(template: string): string[] {
  return parseTemplate(template).flatMap((piece) => (piece.type === 'placeholder' ? [piece.name] : []));
}

/** The template with a value for each placeholder. Values are not templates: braces in them mean nothing. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>>): string {
  return parseTemplate(template)
    .map((piece) => {
      if (piece.type === 'text') return piece.text;
      const value = values[piece.name];
      if (value === undefined) throw new TemplateError(`nothing to put for {${piece.name}}`);
      return String(value);
    })
    .join('');
}

/** A text as a template that gives it back. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}');
}
