import type { Ref } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Icon } from './icons';

interface TextFieldProps {
  readonly label: string;
  /** What is there; another one takes the place of what is typed. */
  readonly value: string;
  readonly class?: string;
  /** Of the element in which it is typed, for who leads the focus there. */
  readonly id?: string;
  readonly numeric?: boolean;
  /** What stands in it while it is empty. */
  readonly hint?: string;
  /** What is wrong with what was typed; null if nothing. */
  readonly check?: (typed: string) => string | null;
  /** Something else and nothing wrong was typed: on Enter, or when the focus goes. */
  readonly onCommit: (typed: string) => void;
  /** The Enter key, after what was typed was given. */
  readonly onEnter?: (() => void) | undefined;
  readonly onLeave?: () => void;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** A line of text with a label. Escape puts back what was there. What is wrong is said below it. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    value,
    numeric = false,
    hint,
    check = () => null,
    onCommit,
    onEnter,
    onLeave,
    inputRef,
  } = props;
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const ownId = useId();
  const id = props.id ?? ownId;
  useEffect(() => {
    setTyped(value);
    setProblem(null);
  }, [value]);
  const commit = (): boolean => {
    const wrong = typed === value ? null : check(typed);
    setProblem(wrong);
    if (wrong === null && typed !== value) onCommit(typed);
    return wrong === null;
  };
  return (
    <div class={`field ${props.class ?? ''}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={inputRef ?? null}
        type="text"
        inputMode={numeric ? 'decimal' : 'text'}
        autocomplete="off"
        {...(hint !== undefined && { placeholder: hint })}
        spellcheck={false}
        value={typed}
        aria-invalid={problem !== null}
        {...(problem !== null && { 'aria-describedby': `${id}-problem` })}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={() => {
          commit();
          onLeave?.();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setTyped(value);
            setProblem(null);
          } else if (event.key === 'Enter') {
            event.preventDefault();
            if (commit()) onEnter?.();
          }
        }}
      />
      {problem !== null && (
        <p class="problem error" id={`${id}-problem`} role="alert">
          <Icon name="error" />
          {problem}
        </p>
      )}
    </div>
  );
}

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (typed: string) => void;
  readonly rows?: number;
  readonly mono?: boolean;
  readonly areaRef?: Ref<HTMLTextAreaElement>;
}

/** Several lines of text with a label. */
export function TextArea({ label, value, onInput, rows = 4, mono = false, areaRef }: TextAreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        ref={areaRef ?? null}
        class={mono ? 'mono' : ''}
        rows={rows}
        spellcheck={!mono}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </div>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

/** One of few, chosen from a list that drops down. */
export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
