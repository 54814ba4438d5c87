/** What was left out of the tables, and the way back. */
import { HistoryButton } from '../ui/history-button.tsx';
import { counted } from '../ui/words.ts';
import { canRedoLeftOut, canUndoLeftOut, redoLeftOut, takeAllIn, undoLeftOut } from './left-out.ts';

export function LeftOutTools({ taskId, count }: { taskId: string; count: number }) {
  if (count === 0 && !canUndoLeftOut() && !canRedoLeftOut()) return null;
  return (
    <p class="row hint" role="status">
      {count === 0 ? 'All rows are counted.' : `${counted(count, 'row')} left out here; files of the service have all.`}
      <HistoryButton name="Undo" icon="undo" keys="Ctrl+Z" can={canUndoLeftOut()} onClick={undoLeftOut} />
      <HistoryButton name="Redo" icon="redo" keys="Ctrl+Shift+Z" can={canRedoLeftOut()} onClick={redoLeftOut} />
      {count > 0 && (
        <button type="button" class="quiet" onClick={() => takeAllIn(taskId)}>
          Count all
        </button>
      )}
    </p>
  );
}
