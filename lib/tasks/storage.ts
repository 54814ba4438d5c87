import { TableClient } from '@azure/data-tables';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';

/** The queue of the tasks to be done; the Functions host moves hopeless messages to `${taskQueueName}-poison`. */
export const taskQueueName = 'image-tasks';
export const poisonQueueName = `${taskQueueName}-poison`;

export interface Storage {
  tasks: TableClient;
  workers: TableClient;
  inputs: ContainerClient;
  results: ContainerClient;
  queue: QueueClient;
}

/** Clients for the account of a connection string. Tables, containers and queues that are missing are made. */
export async function openStorage(connection: string): Promise<Storage> {
  const blobs = BlobServiceClient.fromConnectionString(connection);
  const queues = QueueServiceClient.fromConnectionString(connection);
  // Azurite is served over plain HTTP; a real account's connection string says https and is not affected.
  const table = (name: string) => TableClient.fromConnectionString(connection, name, { allowInsecureConnection: true });
  const storage = {
    tasks: table('tasks'),
    workers: table('workers'),
    inputs: blobs.getContainerClient('inputs'),
    results: blobs.getContainerClient('results'),
    queue: queues.getQueueClient(taskQueueName),
  };
  await Promise.all([
    storage.tasks.createTable(),
    storage.workers.createTable(),
    storage.inputs.createIfNotExists(),
    storage.results.createIfNotExists(),
    storage.queue.createIfNotExists(),
    queues.getQueueClient(poisonQueueName).createIfNotExists(),
  ]);
  return storage;
}
