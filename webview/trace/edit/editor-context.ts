import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Editor } from './editor';

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === null) throw new Error('The component stands outside of the provider of the editor.');
  return editor;
}
