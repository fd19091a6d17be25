/** The bundled model's prompt profile, filled in. `media/model/vilasr_profile.json` holds the same words as data. */
export const SYSTEM = 'Answer by drawing on the image.';

export function firstMessage(
  question: string,
  options: readonly string[],
  width: number,
  height: number,
): string {
  const lines = ['', question, ...options, `Image 1: ${width} x ${height}.`, ''];
  return lines.join('\n');
}

export const nextMessage = (index: number): string => `\nImage ${index}: look and go on.\n`;
export const lastMessage = (index: number): string => `\nImage ${index}: answer now.\n`;
