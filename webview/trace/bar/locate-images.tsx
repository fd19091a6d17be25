import { t } from '@vscode/l10n';
import { Button } from '../../shared/toolkit';
import { ask } from '../ask';
import { useHost } from '../host';
import { useSelect, useStore } from '../store';

/** Where images of a data file are missing: asks for the folder that they are in. */
export function LocateImages() {
  const store = useStore();
  const host = useHost();
  const canLocate = useSelect(({ view }) => view?.abilities.locate ?? false);
  const isMissing = useSelect(({ lineFindings }) =>
    lineFindings.some(({ code }) => code === 'missing-image' || code === 'refused-image'),
  );
  if (!canLocate || !isMissing) return null;
  return (
    <Button
      onClick={() =>
        void ask(store, {
          doing: t('Choosing a folder…'),
          call: () => host.locateImages(),
          done: () => null,
        })
      }
    >
      {t('Locate Images…')}
    </Button>
  );
}
