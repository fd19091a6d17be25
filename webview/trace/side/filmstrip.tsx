import { t } from '@vscode/l10n';
import type { LineageImage } from '../../../src/trace/lineage';
import { Listbox } from '../../shared/listbox';
import type { TraceDocument } from '../model/trace-document';
import { describeImage } from '../model/words';
import { useSelect, useStore } from '../store';
import { Thumbnail } from './thumbnail';

/** With more images than this, they are shown small in a row. */
const MANY = 8;

/** All images in small, in their order; those that something was drawn on are marked. */
export function Filmstrip({ document }: { readonly document: TraceDocument }) {
  const { dispatch } = useStore();
  const chosen = useSelect(({ choice }) => choice.image);
  const { images } = document;
  if (images.length <= MANY) return null;
  const drawnOn = new Set(images.map(({ base }) => base));
  const name = (image: LineageImage) =>
    drawnOn.has(image.number) ? t('{0}, drawn on', describeImage(image)) : describeImage(image);
  return (
    <Listbox
      id="filmstrip"
      label={t('Filmstrip')}
      class="filmstrip"
      horizontal
      count={images.length}
      estimate={84}
      selected={chosen - 1}
      onSelect={(i) => dispatch({ type: 'choose-image', image: i + 1 })}
      nameOf={(i) => {
        const image = images[i];
        return image ? name(image) : '';
      }}
      renderOption={(i) => {
        const image = images[i];
        return (
          image && (
            <div class={`frame ${drawnOn.has(image.number) ? 'drawn-on' : ''}`} title={name(image)}>
              <Thumbnail document={document} image={image} />
              <span class="frame-number">{image.number}</span>
            </div>
          )
        );
      }}
    />
  );
}
