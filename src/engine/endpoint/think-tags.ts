/**
 * Puts the think tags back that a server takes out. Servers that know models which think hand on what stands between
 * `<think>` and `</think>` as a text of its own; with the tags it is what the model said.
 *
 * Two things can't be known: an empty thought, and, where nothing follows a thought, whether the model had ended it. The
 * first is left out, the second left open.
 */
export class ThinkTags {
  private thinking = false;

  /** The text as the model said it, for a piece of a thought and a piece of the rest, in this order. */
  join(thought: string, rest: string): string {
    let text = '';
    if (thought !== '') {
      if (!this.thinking) text += '<think>';
      text += thought;
      this.thinking = true;
    }
    if (rest !== '') {
      if (this.thinking) text += '</think>';
      text += rest;
      this.thinking = false;
    }
    return text;
  }
}
