import { t } from '@vscode/l10n';
import type { DrawingValues } from '../../../src/trace/edit/drawing-values';
import { TextField } from '../../shared/fields';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { removeLabel } from '../model/edit-words';
import { changeShapes } from '../model/shape-changes';
import { readImageNumber } from '../model/shape-fields';
import type { Shape } from '../model/shapes';
import { describeSelection } from '../model/words';
import { useStore } from '../store';
import { useEditor } from './editor-context';
import { removeHeld } from './shape-edits';

/** What several held shapes have in common, to be changed for all of them at once: empty where they differ. */
export function GroupForm({ shapes }: { readonly shapes: readonly Shape[] }) {
  const store = useStore();
  const editor = useEditor();
  const drawings = shapes.map(({ drawing }) => drawing);
  const names = shapes.map(({ id }) => id).join();
  const change = (name: string, values: DrawingValues) =>
    void editor.edit(name, (trace) => changeShapes(trace, new Map(shapes.map(({ id }) => [id, values]))));
  return (
    <form class="shape-form" aria-label={t('Held shapes')} onSubmit={(event) => event.preventDefault()}>
      <p class="quiet">{describeSelection(shapes.length)}</p>
      <TextField
        key={`${names} label`}
        class="wide"
        label={t('Label')}
        value={common(drawings.map(({ label }) => label))}
        hint={t('different')}
        onCommit={(label) => change(t('Change Labels'), { label })}
      />
      <TextField
        key={`${names} image`}
        class="wide"
        label={t('On image')}
        value={common(drawings.map(({ index }) => String(index)))}
        hint={t('different')}
        check={readImageNumber}
        onCommit={(value) => change(t('Change Image of Shapes'), { index: Number(value) })}
      />
      <div class="form-buttons">
        <Button onClick={() => void removeHeld(store, editor)}>
          <Icon name="trash" slot="start" />
          {removeLabel(drawings)}
        </Button>
      </div>
    </form>
  );
}

/** What all are; empty where they differ. */
function common([first = '', ...others]: readonly string[]): string {
  return others.every((other) => other === first) ? first : '';
}
