import { JsonPlaces } from '../../trace/json-place';
import { DEEPEST_JSON, parseJson } from '../../trace/parse-json';
import type { DataItem, ItemFinding } from './data-source';
import type { Codec, DraftFinding, NamedImage } from './formats/codec';
import { noTrace } from './formats/codec';
import { formatKeys } from './formats/schema-findings';
import { findImage, imageFindingCode } from './image-paths';
import type { ImageRoots } from './image-roots';
import type { ItemRange } from './item-table';
import { hashOf, type ItemText, LONGEST_ITEM } from './read-range';

/** Where an item stands, and what it is called if it has no name of its own. */
export interface ItemPlace {
  readonly index: number;
  readonly file: string;
  readonly range: ItemRange;
  readonly fallbackId: string;
}

/** Where image files may be looked for; null if nobody looks for them. */
export type ImagePlaces = ImageRoots | null;

/** Reads the text of an item in the format of `codec`. Whatever is wrong with it is a finding; throws nothing. */
export async function decodeItem(
  content: ItemText,
  place: ItemPlace,
  codec: Codec,
  images: ImagePlaces,
): Promise<DataItem> {
  const { index, file, range } = place;
  const raw = 'text' in content ? content.text : '';
  const {
    trace,
    findings,
    images: named,
  } = 'text' in content ? decodeText(raw, place.fallbackId, codec) : noTrace([unreadText(content)]);
  const missing = images === null ? [] : await missingImages(named, images);
  return {
    index,
    file,
    line: range.line,
    byte: range.start,
    raw,
    hash: hashOf(content),
    trace,
    findings: placeFindings(raw, range, [...findings, ...missing]),
  };
}

function decodeText(raw: string, fallbackId: string, codec: Codec) {
  const json = parseJson(raw);
  if ('value' in json) return codec.decode({ raw, value: json.value, fallbackId });
  const draft = { code: 'bad-json', severity: 'error', keys: [] } as const;
  if (json.fault === 'too-deep') {
    return noTrace([{ ...draft, message: `It is nested deeper than ${DEEPEST_JSON} brackets.` }]);
  }
  return noTrace([{ ...draft, message: `It is not JSON from here on: ${json.reason}.`, place: json.place }]);
}

function unreadText(content: Exclude<ItemText, { text: string }>): DraftFinding {
  if (content.fault === 'not-utf8') {
    const { byte, lines } = content;
    const message = 'It is not UTF-8 text from here on.';
    return {
      code: 'not-utf8',
      severity: 'error',
      message,
      keys: [],
      place: { units: 0, bytes: byte },
      lines,
    };
  }
  const message = `It has ${content.length} bytes, more than the ${LONGEST_ITEM} that are read.`;
  return { code: 'too-long', severity: 'error', message, keys: [] };
}

async function missingImages(named: readonly NamedImage[], places: ImageRoots): Promise<DraftFinding[]> {
  const findings: DraftFinding[] = [];
  for (const { path, keys, drawn } of named) {
    const found = await findImage(path, places);
    if ('file' in found) continue;
    const code = imageFindingCode(found);
    // What was drawn can be drawn again.
    findings.push({ code, severity: drawn ? 'warning' : 'error', message: found.message, keys });
  }
  return findings;
}

/** The findings with their places in the file, in the order of these. */
function placeFindings(raw: string, range: ItemRange, drafts: readonly DraftFinding[]): ItemFinding[] {
  const places = new JsonPlaces(raw);
  const placed = drafts
    .map((draft) => ({
      ...draft,
      place: draft.place ?? (draft.keys.length === 0 ? { units: 0, bytes: 0 } : places.find(draft.keys)),
    }))
    .sort((a, b) => a.place.bytes - b.place.bytes);
  let [line, feed] = [range.line, raw.indexOf('\n')];
  return placed.map(({ keys, place, lines = 0, ...finding }) => {
    for (; feed >= 0 && feed < place.units; feed = raw.indexOf('\n', feed + 1)) line++;
    return {
      ...finding,
      ...(keys.length > 0 && { path: formatKeys(keys) }),
      line: line + lines,
      byte: range.start + place.bytes,
    };
  });
}
