import { serve } from '../endpoint.ts';
import { createJob } from './create-job.ts';
import { createTask } from './create-task.ts';
import { createUploads, deleteUploads, listUploads } from './uploads.ts';

serve(createTask, createUploads, listUploads, deleteUploads, createJob);
