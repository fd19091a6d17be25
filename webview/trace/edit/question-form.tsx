import { t } from '@vscode/l10n';
import { useEffect, useRef } from 'preact/hooks';
import { TextArea } from '../../shared/fields';
import { type QuestionDraft, questionChanges } from '../model/draft';
import { useStore } from '../store';
import { useEditor } from './editor-context';
import { FormFrame } from './form-frame';

/** The question that is being written anew, with its options and the right answer. */
export function QuestionForm({ draft }: { readonly draft: QuestionDraft }) {
  const { dispatch } = useStore();
  const editor = useEditor();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const write = (more: Partial<QuestionDraft>) => dispatch({ type: 'draft', draft: { ...draft, ...more } });
  const close = () => dispatch({ type: 'draft', draft: null });
  const apply = async () => {
    if (await editor.edit(t('Edit Question'), (trace) => questionChanges(trace, draft))) close();
  };
  return (
    <FormFrame label={t('Edit Question')} onApply={() => void apply()} onCancel={close}>
      <TextArea
        label={t('Question')}
        value={draft.question}
        rows={3}
        areaRef={area}
        onInput={(question) => write({ question })}
      />
      <TextArea
        label={t('Options, one a line')}
        value={draft.options}
        rows={4}
        onInput={(options) => write({ options })}
      />
      <TextArea label={t('Right answer')} value={draft.gold} rows={1} onInput={(gold) => write({ gold })} />
    </FormFrame>
  );
}
