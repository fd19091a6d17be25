import { Icon, type IconName } from './icons';
import { Button, type ButtonProps } from './toolkit';

type IconButtonProps = Omit<ButtonProps, 'look' | 'children' | 'label'> & {
  readonly icon: IconName;
  /** What it does, for a screen reader and as a tooltip. */
  readonly label: string;
};

/** A button that shows a picture alone. */
export function IconButton({ icon, ...props }: IconButtonProps) {
  return (
    <Button look="icon" {...props}>
      <Icon name={icon} />
    </Button>
  );
}
