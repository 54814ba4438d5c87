/** How many tasks of jobs are put into the queue at a time. */

/** Minimum number of messages to keep in the queue, including those being processed. */
export const minWindow = 64;

/**
 * Messages for each task that instances hold now. More than one instance's worth waits for each that works: the platform starts
 * instances by the length of the queue.
 */
export const messagesPerHeld = 4;

/** The queue is refilled when this fraction of its window is free: each refill costs two writes in addition to its messages. */
export const refillPart = 1 / 2;

/** Jobs whose tasks are put into the queue at the same time. */
export const jobsAtOnce = 8;

/** Messages that are sent at the same time. */
export const messagesAtOnce = 16;
