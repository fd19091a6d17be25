import { t } from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { withDerived } from '../../../src/trace/derive';
import type { Action } from '../../../src/trace/format-turn';
import { explain } from '../../shared/explain';
import { SelectField, TextArea } from '../../shared/fields';
import { Button } from '../../shared/toolkit';
import { draftChanges, draftText, openDraft, splitChanges, type TurnDraft } from '../model/draft';
import { draftFindings } from '../model/findings';
import type { TraceDocument } from '../model/trace-document';
import { useStore } from '../store';
import { FindingList } from '../turns/finding-list';
import { useEditor } from './editor-context';
import { FormFrame } from './form-frame';

/** How long no key must come until what is written is looked at, in milliseconds. */
const TYPING = 150;

const ACTIONS: readonly Action[] = ['Object Mapper', 'Path Tracer', 'Answer'];

interface TurnFormProps {
  readonly document: TraceDocument;
  readonly draft: TurnDraft;
}

/** A turn that is being written anew: its parts, or all of its text. */
export function TurnForm({ document, draft }: TurnFormProps) {
  const { trace } = document;
  const { dispatch } = useStore();
  const editor = useEditor();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), [draft.mode]);
  const findings = useDraftFindings(document, draft);
  const write = (more: Partial<TurnDraft>) => dispatch({ type: 'draft', draft: { ...draft, ...more } });
  const close = () => dispatch({ type: 'draft', draft: null });
  const apply = async () => {
    if (await editor.edit(t('Edit Turn'), (now) => draftChanges(now, draft))) close();
  };
  const split = async () => {
    const caret = area.current?.selectionStart ?? 0;
    if (await editor.edit(t('Split Turn'), (now) => splitChanges(now, draft, caret))) close();
  };
  const turnOver = () => {
    try {
      const text = draftText(withDerived(trace), draft);
      const mode = draft.mode === 'text' ? 'parts' : 'text';
      write({ ...openDraft(draft.turn, text, draft.base), mode });
    } catch (error) {
      dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
    }
  };
  return (
    <FormFrame
      label={t('Edit Turn {0}', draft.turn + 1)}
      onApply={() => void apply()}
      onCancel={close}
      buttons={
        <>
          {draft.mode === 'parts' && <Button onClick={() => void split()}>{t('Split Here')}</Button>}
          <Button onClick={turnOver}>{draft.mode === 'parts' ? t('Whole Text') : t('Parts')}</Button>
        </>
      }
    >
      {draft.mode === 'text' ? (
        <TextArea
          label={t('Text')}
          value={draft.text}
          rows={12}
          mono
          areaRef={area}
          onInput={(text) => write({ text })}
        />
      ) : (
        <>
          <TextArea
            label={t('Thinks')}
            value={draft.think}
            rows={6}
            areaRef={area}
            onInput={(think) => write({ think })}
          />
          <SelectField
            label={t('Action')}
            value={draft.action ?? ''}
            options={[
              ...(draft.action === null ? [{ value: '', text: t('none') }] : []),
              ...ACTIONS.map((value) => ({ value, text: value })),
            ]}
            onChange={(value) => write({ action: ACTIONS.find((action) => action === value) ?? null })}
          />
          <TextArea
            label={t('Answer')}
            value={draft.answer}
            rows={1}
            onInput={(answer) => write({ answer })}
          />
        </>
      )}
      <FindingList findings={findings} />
    </FormFrame>
  );
}

/** What is found of the turn as it is written, a moment after the last key: the trace as a whole is looked at. */
function useDraftFindings(document: TraceDocument, draft: TurnDraft) {
  const [findings, setFindings] = useState(() => draftFindings(document, draft));
  useEffect(() => {
    const timer = setTimeout(() => setFindings(draftFindings(document, draft)), TYPING);
    return () => clearTimeout(timer);
  }, [document, draft]);
  return findings;
}
