import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { Listbox } from '../../shared/listbox';
import { ImageTools } from '../edit/image-tools';
import { type LineageRow, mapLineage } from '../model/lineage-map';
import { formatCount } from '../model/numbers';
import { isRunning } from '../model/state';
import { type TraceDocument, wasSeen } from '../model/trace-document';
import { describeImage, originOf } from '../model/words';
import { useSelect, useStore } from '../store';

const ROW = 26;
/** Room for the lanes: they move together where there are many. */
const LANES = { gap: 14, most: 140 };

/** Which image came from which: a row an image, a line from each to the one it was drawn on. */
export function ImageMap({ document }: { readonly document: TraceDocument }) {
  const { dispatch } = useStore();
  const { images } = document;
  const rows = useMemo(() => mapLineage(images), [images]);
  const chosen = useSelect(({ choice }) => choice.image);
  const running = useSelect(isRunning);
  const selected = rows.findIndex(({ image }) => image.number === chosen);
  const lanes = useMemo(
    () => rows.reduce((most, { lane, through }) => Math.max(most, lane, ...through), 0) + 1,
    [rows],
  );
  const gap = Math.min(LANES.gap, LANES.most / lanes);
  return (
    <section class="pane" aria-label={t('Images')}>
      <div class="pane-head">
        <h2>
          {t('Images')} <span class="quiet">{formatCount(images.length)}</span>
        </h2>
        <ImageTools document={document} />
      </div>
      <Listbox
        id="image-map"
        label={t('Images and what they were drawn on')}
        class="images"
        count={rows.length}
        estimate={ROW}
        selected={selected}
        onSelect={(i) => {
          const row = rows[i];
          if (row) dispatch({ type: 'choose-image', image: row.image.number });
        }}
        nameOf={(i) => {
          const row = rows[i];
          return row ? describeImage(row.image) : '';
        }}
        renderOption={(i) => {
          const row = rows[i];
          return (
            row && (
              <div class="image-row" data-image={row.image.number}>
                <Lanes row={row} gap={gap} width={lanes * gap + 8} />
                <span class="image-number">{row.image.number}</span>
                <span class="quiet">
                  {originOf(row.image, document)}
                  {!running && !wasSeen(document, row.image) && ` · ${t('not seen')}`}
                </span>
              </div>
            )
          );
        }}
      />
    </section>
  );
}

interface LanesProps {
  readonly row: LineageRow;
  /** Between two lanes, in CSS pixels. */
  readonly gap: number;
  readonly width: number;
}

function Lanes({ row: { image, lane, from, through, goesOn }, gap, width }: LanesProps) {
  const x = (of: number) => 8 + of * gap;
  const middle = ROW / 2;
  return (
    <svg class="lanes" width={width} height={ROW} viewBox={`0 0 ${width} ${ROW}`} aria-hidden="true">
      {through.map((of) => (
        <path key={of} d={`M${x(of)} 0V${ROW}`} />
      ))}
      {from !== null && <path d={curve(x(from), x(lane), middle)} />}
      {goesOn && <path d={`M${x(lane)} ${middle}V${ROW}`} />}
      {image.base === null ? (
        <rect x={x(lane) - 4.5} y={middle - 4.5} width="9" height="9" rx="1.5" />
      ) : (
        <circle cx={x(lane)} cy={middle} r="4.5" />
      )}
    </svg>
  );
}

const curve = (from: number, to: number, middle: number): string =>
  from === to
    ? `M${to} 0V${middle}`
    : `M${from} 0C${from} ${middle * 0.8} ${to} ${middle * 0.2} ${to} ${middle}`;
