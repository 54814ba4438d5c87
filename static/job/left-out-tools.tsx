/** What was left out of the tables, and the way back. */
import { HistoryButton } from '../ui/history-button.tsx';
import { counted } from '../ui/words.ts';
import { canRedoLeftOut, canUndoLeftOut, redoLeftOut, takeAllIn, undoLeftOut } from './left-out.ts';

export function LeftOutTools({ taskId, count }: { taskId: string; count: number }) {
  if (count === 0 && !canUndoLeftOut(taskId) && !canRedoLeftOut(taskId)) return null;
  return (
    <p class="row hint" role="status">
      {count === 0 ? 'All rows are counted.' : `${counted(count, 'row')} left out here; files of the service have all.`}
      <HistoryButton
        name="Undo"
        icon="undo"
        keys="Ctrl+Z"
        can={canUndoLeftOut(taskId)}
        onClick={() => undoLeftOut(taskId)}
      />
      <HistoryButton
        name="Redo"
        icon="redo"
        keys="Ctrl+Shift+Z"
        can={canRedoLeftOut(taskId)}
        onClick={() => redoLeftOut(taskId)}
      />
      {count > 0 && (
        <button type="button" class="quiet" onClick={() => takeAllIn(taskId)}>
          Count all
        </button>
      )}
    </p>
  );
}
