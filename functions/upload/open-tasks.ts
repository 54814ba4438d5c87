import { OpenTasks } from '../../lib/tasks/open-tasks.ts';
import { settings } from '../settings.ts';

export const openTasks = new OpenTasks(settings.openTasksPerCaller);
