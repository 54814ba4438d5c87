import { Icon } from './icon.tsx';

interface PageTurnerProps {
  /** From 1 on. */
  page: number;
  pages: number;
  busy?: boolean;
  onTurn: (to: number) => void;
}

/** One page back or on. */
export function PageTurner({ page, pages, busy = false, onTurn }: PageTurnerProps) {
  return (
    <p class="row" role="group" aria-label="Pages">
      <button
        type="button"
        class="icon-button"
        aria-label="Page before"
        disabled={busy || page <= 1}
        onClick={() => onTurn(page - 1)}
      >
        <Icon name="back" />
      </button>
      <span>
        Page {page} of {pages}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label="Next page"
        disabled={busy || page >= pages}
        onClick={() => onTurn(page + 1)}
      >
        <Icon name="forward" />
      </button>
    </p>
  );
}
