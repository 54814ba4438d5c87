/** Time and cost of many images in Azure: the cost of one, the simulation of all, and the prices. */
import { maxJobImages } from '../limits.ts';
import { jobsAtOnce, messagesAtOnce } from '../model/dispatch-window.ts';
import { blockTasks, partitionsOf } from '../storage/partitions.ts';
import { costOf, type ImageCost, type ImageWork, taskCosts } from './image-cost.ts';
import { azure, entitiesPerTask, type Platform, requestsPerTask, telemetryBytesPerTask } from './platform.ts';
import prices from './prices.json' with { type: 'json' };
import { instanceLimit, type Load, type Simulation, simulate, tasksPerSecondOf, type Wall } from './simulate.ts';

export interface Question extends ImageWork {
  images: number;
  /** How often each result is downloaded over the internet. */
  downloads: number;
  /** Results are kept for this long, uploads for twice as long. */
  retentionDays: number;
}

interface Cost {
  compute: number;
  requests: number;
  capacity: number;
  telemetry: number;
  egress: number;
  /** All of them together. */
  total: number;
}

export interface Estimate {
  image: ImageCost;
  load: Load;
  requests: { blobs: number; rows: number; messages: number; total: number };
  simulation: Simulation;
  /** All that can keep tasks from ending sooner, the lowest first. */
  walls: Wall[];
  cost: Cost;
}

const gigabyte = 1e9;
const daysPerMonth = 365 / 12;
/** The instance that dispatches has 512 MB. */
const controlGb = 0.5;
/** A job waits for its rows, its checkpoint and its messages. */
const requestsInTurnPerBlock = 2 + Math.ceil(blockTasks / messagesAtOnce);

export function estimate(question: Question, platform: Platform = azure): Estimate {
  const image = costOf(question);
  const { images, downloads } = question;
  const load = loadOf(image, images, platform);
  const simulation = simulate(load, platform);
  const limit = instanceLimit(platform);
  const byInstances = { name: limit.name, tasksPerSecond: limit.instances * tasksPerSecondOf(load, platform) };
  const requests = requestsOf(image);
  return {
    image,
    load,
    requests,
    simulation,
    walls: [byInstances, ...load.walls].sort((a, b) => a.tasksPerSecond - b.tasksPerSecond),
    cost: costOfRun(question, { image, simulation, downloads }, platform),
  };
}

/** The tasks of jobs over so many images, as the simulation takes them. */
export function loadOf(image: ImageCost, tasks: number, platform: Platform): Load {
  const { requestSeconds, bytesPerSecond } = platform;
  // Row, image, start, result and end follow one after another; receiving and deleting the message are the host's.
  const inTurn = 7;
  return {
    tasks,
    cpuSeconds: image.seconds + taskCosts.processMs / 1000,
    waitSeconds: inTurn * requestSeconds + (image.inputBytes + image.resultBytes) / bytesPerSecond,
    walls: wallsOf(tasks, image, platform),
  };
}

function wallsOf(tasks: number, image: ImageCost, platform: Platform): Wall[] {
  const { accounts, accountRequestsPerSecond, queueMessagesPerSecond, partitionEntitiesPerSecond } = platform;
  const { blobs, rows, messages } = requestsOf(image);
  const jobs = Math.ceil(tasks / maxJobImages);
  const partitions = partitionsOf({ id: '', total: Math.min(tasks, maxJobImages) }).length * jobs;
  const bySeconds = (Math.min(jobs, jobsAtOnce) * blockTasks) / (requestsInTurnPerBlock * platform.requestSeconds);
  return [
    { name: 'queue', tasksPerSecond: queueMessagesPerSecond / requestsPerTask.messages },
    { name: 'dispatcher', tasksPerSecond: bySeconds },
    // The queue is in the first account; rows and images are spread over all.
    { name: 'account', tasksPerSecond: accountRequestsPerSecond / (messages + (blobs + rows) / accounts) },
    { name: 'bandwidth', tasksPerSecond: accounts * imagesPerSecond(image, platform) },
    { name: 'partitions', tasksPerSecond: (partitions * partitionEntitiesPerSecond) / entitiesPerTask },
  ];
}

/** Images that an account sends to instances, or results that it receives of them: the lower of the two. */
function imagesPerSecond({ inputBytes, resultBytes }: ImageCost, platform: Platform): number {
  const { accountSendsBytesPerSecond, accountReceivesBytesPerSecond } = platform;
  return Math.min(accountSendsBytesPerSecond / inputBytes, accountReceivesBytesPerSecond / resultBytes);
}

/** Requests of one task while it is processed. */
function requestsOf({ inputs, renditions }: ImageCost) {
  const { blobReads, blobWrites, rows, messages } = requestsPerTask;
  const blobs = blobReads * inputs + blobWrites + renditions;
  return { blobs, rows, messages, total: blobs + rows + messages };
}

/** In the currency of the prices. */
function costOfRun(
  { images, retentionDays }: Question,
  { image, simulation, downloads }: { image: ImageCost; simulation: Simulation; downloads: number },
  { memoryGb }: Platform,
): Cost {
  const { inputs, renditions, inputBytes, resultBytes } = image;
  const gbSeconds = simulation.instanceSeconds * memoryGb + simulation.seconds * controlGb;
  const compute = gbSeconds * prices.computePerGbSecond + (images / 1e6) * prices.computePerMillionExecutions;
  // The uploads of the inputs come on top.
  const blobWrites = images * (1 + requestsPerTask.blobWrites + renditions);
  const blobReads = images * (requestsPerTask.blobReads * inputs + downloads);
  const requests =
    (blobWrites * prices.blobWritesPer10000 +
      blobReads * prices.blobReadsPer10000 +
      images * requestsPerTask.rows * prices.tableRequestsPer10000 +
      images * requestsPerTask.messages * prices.queueRequestsPer10000) /
    1e4;
  // A second image is the same one for all tasks of a job.
  const gbMonths = (images * ((2 * inputBytes) / inputs + resultBytes) * retentionDays) / daysPerMonth / gigabyte;
  const capacity = gbMonths * prices.storagePerGbMonth;
  const telemetry = ((images * telemetryBytesPerTask) / gigabyte) * prices.telemetryPerGb;
  const egress = ((images * resultBytes * downloads) / gigabyte) * prices.egressPerGb;
  return { compute, requests, capacity, telemetry, egress, total: compute + requests + capacity + telemetry + egress };
}

export { prices };
