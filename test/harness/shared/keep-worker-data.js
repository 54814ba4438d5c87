/**
 * Loaded first by the processes that run suites. jest-light-runner answers the first process that asks for its configuration by telling
 * all that have a suite, and never answers again: one that was told before it listened would wait forever. It is kept here until it is asked for.
 */
delete process.env.NODE_OPTIONS;

let kept;

function keep(message) {
  if (message?.type === 'jest-light-runner-worker-data') kept = message;
}

// Beside the pool's own listener, not before: the first one starts the flow of messages.
process.on('newListener', function begin(event) {
  if (event !== 'message') return;
  process.off('newListener', begin);
  process.on('message', keep);
});

const send = process.send?.bind(process);
if (send)
  process.send = (message, ...rest) => {
    if (message !== 'jest-light-runner-get-worker-data' || !kept) return send(message, ...rest);
    setImmediate(() => process.emit('message', kept));
    return true;
  };
