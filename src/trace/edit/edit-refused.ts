/** What a person asked for cannot be had by changing text at the places that are known; the message says why, for them. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
}
