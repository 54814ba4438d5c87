import { Icon } from './icon.tsx';

interface HistoryButtonProps {
  name: string;
  icon: 'undo' | 'redo';
  keys: string;
  can: boolean;
  onClick: () => void;
}

/** Undo or redo. */
export function HistoryButton({ name, icon, keys, can, onClick }: HistoryButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={`${name} (${keys})`}
      disabled={!can}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
