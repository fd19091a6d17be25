import { t } from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isLine } from '../../../src/trace/drawing';
import type { DrawingValues } from '../../../src/trace/edit/drawing-values';
import { reroot } from '../../../src/trace/edit/reroot';
import type { LineageImage } from '../../../src/trace/lineage';
import { TextField } from '../../shared/fields';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { removeLabel } from '../model/edit-words';
import { changeShapes } from '../model/shape-changes';
import { readImageNumber, readNumbers, writtenNumbers } from '../model/shape-fields';
import type { Shape } from '../model/shapes';
import type { TraceDocument } from '../model/trace-document';
import { useSelect, useStore } from '../store';
import { useEditor } from './editor-context';
import { removeHeld } from './shape-edits';

interface ShapeFormProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
  /** The one that is held. */
  readonly shape: Shape;
}

/** All that makes up the held shape, to be changed. What cannot be read is said at its field, and not sent. */
export function ShapeForm({ document, image, shape }: ShapeFormProps) {
  const store = useStore();
  const editor = useEditor();
  const preview = useSelect((state) => state.preview?.get(shape.id));
  const naming = useSelect((state) => state.naming);
  const label = useRef<HTMLInputElement>(null);
  const drawing = preview ?? shape.drawing;
  const clean = cleanable(document, image, shape);
  useEffect(() => {
    if (!naming) return;
    label.current?.focus();
    label.current?.select();
  }, [naming, shape.id]);

  const change = (name: string, values: DrawingValues) =>
    void editor.edit(name, (trace) => changeShapes(trace, new Map([[shape.id, values]])));
  const toStage = () => globalThis.document.querySelector<HTMLElement>('[data-testid=stage]')?.focus();
  return (
    <form class="shape-form" aria-label={t('Held shape')} onSubmit={(event) => event.preventDefault()}>
      <TextField
        key={`${shape.id} label`}
        class="wide"
        label={t('Label')}
        value={drawing.label}
        inputRef={label}
        onCommit={(value) => change(t('Change Label'), { label: value })}
        onEnter={naming ? toStage : undefined}
        onLeave={() => store.dispatch({ type: 'naming', naming: false })}
      />
      <TextField
        key={`${shape.id} image`}
        class="wide"
        label={t('On image')}
        value={String(drawing.index)}
        check={readImageNumber}
        onCommit={(value) => change(t('Change Image of Shape'), { index: Number(value) })}
      />
      <NumberFields
        key={shape.id}
        names={isLine(drawing) ? LINE_NAMES() : BOX_NAMES()}
        written={writtenNumbers(drawing)}
        onCommit={(coordinates) => change(t('Change Numbers'), { coordinates })}
      />
      <div class="form-buttons">
        {clean !== null && (
          <Button
            onClick={() =>
              void editor.edit(t('Draw on the Clean Image'), (trace) =>
                reroot(trace, clean.turn, clean.image),
              )
            }
            label={t('Draw on the Clean Image')}
          >
            {t('Draw on the Clean Image')}
          </Button>
        )}
        <Button onClick={() => void removeHeld(store, editor)}>
          <Icon name="trash" slot="start" />
          {removeLabel([drawing])}
        </Button>
      </div>
    </form>
  );
}

/**
 * What can be drawn on the clean input instead of on a drawn image: the turn of the shape; for a ghost the turn that drew
 * over it, which is what the ghost is left by. Null where the input is what is drawn on.
 */
function cleanable(
  { images }: TraceDocument,
  image: LineageImage,
  { ghost, turn, drawing }: Shape,
): { readonly turn: number; readonly image: number } | null {
  const at = ghost ? { turn: image.turn, image: image.base } : { turn, image: drawing.index };
  if (at.turn === null || at.image === null) return null;
  const base = images[at.image - 1];
  return base === undefined || base.base === null ? null : { turn: at.turn, image: at.image };
}

const BOX_NAMES = () => [t('x1'), t('y1'), t('x2'), t('y2')];
const LINE_NAMES = () => [t('Start x'), t('Start y'), t('End x'), t('End y')];

interface NumberFieldsProps {
  readonly names: readonly string[];
  readonly written: readonly string[];
  readonly onCommit: (numbers: readonly [number, number, number, number]) => void;
}

/** Four numbers. Where the text has another count of them, nothing is sent until there are four. */
function NumberFields({ names, written, onCommit }: NumberFieldsProps) {
  const [typed, setTyped] = useState<readonly (string | undefined)[]>([]);
  const missing = written.length !== names.length;
  return (
    <div class="numbers">
      {names.map((name, i) => (
        <TextField
          key={name}
          label={name}
          value={(missing ? typed[i] : undefined) ?? written[i] ?? ''}
          numeric
          check={(value) => readNumbers([value]).problem}
          onCommit={(value) => {
            const now = names.map((_, k) =>
              k === i ? value : ((missing ? typed[k] : undefined) ?? written[k] ?? ''),
            );
            setTyped(now);
            const { numbers } = readNumbers(now);
            const [a, b, c, d] = numbers;
            if (a === undefined || b === undefined || c === undefined || d === undefined) return;
            onCommit([a, b, c, d]);
          }}
        />
      ))}
    </div>
  );
}
