import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { isLine } from '../../../src/trace/drawing';
import type { LineageImage } from '../../../src/trace/lineage';
import type { PartPlace } from '../../../src/view/verdict';
import { Icon } from '../../shared/icons';
import { Listbox, type Several } from '../../shared/listbox';
import { PartMark } from '../bar/part-mark';
import { useEditor } from '../edit/editor-context';
import { GroupForm } from '../edit/group-form';
import { holdAll, holdRange } from '../edit/run-key';
import { removeHeld } from '../edit/shape-edits';
import { ShapeForm } from '../edit/shape-form';
import { findingsOf, gravest } from '../model/findings';
import { formatCoordinates, formatCount } from '../model/numbers';
import { partVerdictOf, partWords } from '../model/part-verdicts';
import { contrasting, css, type Shape, shapesOn } from '../model/shapes';
import { isHeld, isLit } from '../model/state';
import type { TraceDocument } from '../model/trace-document';
import { partsOf } from '../model/turn-view';
import { describeShape, whyNotPlaced } from '../model/words';
import { useSelect, useStore } from '../store';

interface ShapeListProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
}

/** All that lies on the chosen image, in words: what the canvas shows, for those who cannot see it. */
export function ShapeList({ document, image }: ShapeListProps) {
  const store = useStore();
  const editor = useEditor();
  const { dispatch } = store;
  const shapes = useMemo(() => shapesOn(document, image), [document.ids, image]);
  const held = useSelect((state) => state.held);
  // The names of the rows have them.
  useSelect((state) => state.partVerdicts);
  const place = useMemo(() => new Map(shapes.map(({ id }, i) => [id, i])), [shapes]);
  const editable = useSelect((state) => state.edits !== null);
  const last = held.at(-1);
  const selected = last === undefined ? undefined : place.get(last);
  const chosen = held.flatMap((id) => shapes[place.get(id) ?? -1] ?? []);
  const [alone, ...others] = chosen;
  const several: Several = {
    isSelected: (i) => shapes[i] !== undefined && isHeld(store.state, shapes[i].id),
    onToggle: (i) => shapes[i] && dispatch({ type: 'toggle', shape: shapes[i].id }),
    onRange: (i) => shapes[i] && holdRange(store, shapes, shapes[i].id),
    onAll: () => holdAll(store, shapes),
  };
  return (
    <section class="pane" aria-label={t('Shapes')}>
      <h2>
        {t('Shapes')} <span class="quiet">{formatCount(shapes.length)}</span>
      </h2>
      {shapes.length === 0 ? (
        <p class="empty">{t('Nothing is drawn on this image.')}</p>
      ) : (
        <Listbox
          id="shape-list"
          label={t('Shapes on image {0}', image.number)}
          class="shapes"
          count={shapes.length}
          estimate={42}
          selected={selected ?? null}
          several={editable ? several : undefined}
          onSelect={(i) => dispatch({ type: 'hold', shape: shapes[i]?.id ?? null })}
          onCancel={() => dispatch({ type: 'hold', shape: null })}
          {...(editable && chosen.length > 0 && { onDelete: () => void removeHeld(store, editor) })}
          nameOf={(i) => {
            const shape = shapes[i];
            if (!shape) return '';
            const verdict = partVerdictOf(store.state, placeOf(shape));
            const words = describeShape(shape, findingsOf(document, shape.id));
            return verdict === null ? words : `${words}, ${partWords(verdict).word}`;
          }}
          renderOption={(i) => {
            const shape = shapes[i];
            return shape && <ShapeRow document={document} shape={shape} />;
          }}
        />
      )}
      {editable && alone && others.length === 0 && (
        <ShapeForm document={document} image={image} shape={alone} />
      )}
      {editable && others.length > 0 && <GroupForm shapes={chosen} />}
    </section>
  );
}

const placeOf = ({ id }: Shape): PartPlace => {
  const { turn, drawing } = partsOf(id);
  return { turn, shape: drawing };
};

interface ShapeRowProps {
  readonly document: TraceDocument;
  readonly shape: Shape;
}

function ShapeRow({ document, shape }: ShapeRowProps) {
  const { dispatch } = useStore();
  const lit = useSelect((state) => isLit(state, shape.id));
  const { drawing, number, colour, turn, ghost, fresh } = shape;
  const notPlaced = whyNotPlaced(shape);
  const findings = findingsOf(document, shape.id);
  const severity = gravest(findings);
  return (
    <div
      class={`shape-row ${lit ? 'lit' : ''} ${ghost ? 'ghost' : ''}`}
      data-shape-id={shape.id}
      data-lit={lit}
      onPointerEnter={() => dispatch({ type: 'light', shape: shape.id })}
      onPointerLeave={() => dispatch({ type: 'light', shape: null })}
    >
      <span
        class="swatch"
        style={ghost ? undefined : { background: css(colour), color: contrasting(colour) }}
      >
        {number}
      </span>
      <span class="shape-label">{drawing.label === '' ? <em>{t('no label')}</em> : drawing.label}</span>
      <span class="shape-notes">
        {severity !== null && (
          <span
            class={`shape-finding ${severity}`}
            title={findings.map(({ message }) => message).join('\n')}
            data-code={findings[0]?.code}
          >
            <Icon name={severity} />
          </span>
        )}
        <PartMark {...placeOf(shape)} short />
        {ghost && <span class="tag">{t('ghost')}</span>}
        {notPlaced !== null && <span class="tag">{notPlaced}</span>}
        {fresh && <span class="tag fresh">{t('new')}</span>}
        <span class="quiet">{t('turn {0}', turn + 1)}</span>
      </span>
      <span class="shape-where">
        <span class="quiet">{isLine(drawing) ? t('line') : colour.name}</span> {formatCoordinates(drawing)}
      </span>
    </div>
  );
}
