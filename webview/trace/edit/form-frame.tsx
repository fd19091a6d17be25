import { t } from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { Button } from '../../shared/toolkit';

interface FormFrameProps {
  readonly label: string;
  readonly onApply: () => void;
  readonly onCancel: () => void;
  /** Further buttons. */
  readonly buttons?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A form in the place of what it writes anew: Ctrl+Enter (Cmd+Enter) applies it, Escape leaves all as it was. */
export function FormFrame({ label, onApply, onCancel, buttons, children }: FormFrameProps) {
  return (
    <form
      class="writing"
      aria-label={label}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onApply();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {children}
      <div class="form-buttons">
        <Button look="primary" onClick={onApply} label={t('Apply (Ctrl+Enter)')}>
          {t('Apply')}
        </Button>
        <Button onClick={onCancel} label={t('Cancel (Escape)')}>
          {t('Cancel')}
        </Button>
        {buttons}
      </div>
    </form>
  );
}
