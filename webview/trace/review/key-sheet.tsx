import { t } from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../shared/toolkit';
import { useStore } from '../store';

/** The keys of a review as they are unless they were bound anew. Escape closes it. */
export function KeySheet({
  reasons,
  onClose,
}: {
  readonly reasons: readonly string[];
  readonly onClose: () => void;
}) {
  const { dispatch } = useStore();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="key-sheet"
      aria-label={t('Keys of the review')}
      data-testid="key-sheet"
      onClose={() => {
        dispatch({ type: 'review', review: { keys: false } });
        onClose();
      }}
    >
      <h2>{t('Keys of the review')}</h2>
      <dl>
        {keysOf(reasons).map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        {t('They work while nothing is typed, and can be bound anew: search Keyboard Shortcuts for ViLaSR.')}
      </p>
      <Button onClick={() => dialog.current?.close()}>{t('Close')}</Button>
    </dialog>
  );
}

function keysOf(reasons: readonly string[]): readonly (readonly [key: string, does: string])[] {
  return [
    ['A', t('Approve')],
    ['R', t('Reject')],
    ['E', t('Needs edit')],
    ['Shift+A  Shift+R  Shift+E', t('The same of the chosen shape alone, or of the chosen turn')],
    ['S', t('Skip, without a verdict')],
    ['U', t('Undo the last verdict, and go back to its trace')],
    ...(reasons.length === 0
      ? []
      : [[`1–${reasons.length}`, t('Choose a reason for the verdict to come')] as const]),
    ['C', t('Write a comment for the verdict to come; Enter goes back to the image')],
    ['[  ]', t('Previous or next answer to the same question; of those that are compared, if some are')],
    ['D', t('Compare answers side by side, or end that')],
    ['Alt+PageUp  Alt+PageDown', t('Previous or next turn')],
    [',  .', t('Previous or next shape of the image; arrows move it')],
    ['?', t('Show these keys')],
  ];
}
