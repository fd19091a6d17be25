import { t } from '@vscode/l10n';
import type { ListQuery } from '../../../src/view/trace-list';
import { Menu, type MenuItem } from '../../shared/menu';
import { useStore } from '../store';

/** People that a file can be dealt out to from the menu. */
const MOST_PEOPLE = 4;

/** Which share of the questions is reviewed here, so that several people need no server to share the work. */
export function SliceMenu({ query }: { readonly query: ListQuery }) {
  const { dispatch } = useStore();
  const { slice } = query;
  const choose = (next: ListQuery['slice']) => () => {
    dispatch({ type: 'list', list: { query: { ...query, slice: next } } });
    dispatch({ type: 'review', review: { begins: true } });
  };
  const items: MenuItem[] = [{ label: t('All Questions'), checked: slice === null, onChoose: choose(null) }];
  for (let of = 2; of <= MOST_PEOPLE; of++) {
    for (let part = 1; part <= of; part++) {
      const checked = slice?.part === part && slice.of === of;
      items.push({ label: t('Part {0} of {1}', part, of), checked, onChoose: choose({ part, of }) });
    }
  }
  const label = slice === null ? t('All Questions') : t('Part {0} of {1}', slice.part, slice.of);
  return <Menu label={label} icon="filter" items={items} testId="slice" pressed={slice !== null} />;
}
