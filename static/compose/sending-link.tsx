/** How far images are that are being sent, for the views in which one does not see it. */
import { sending, sum } from './submit.ts';

export function SendingLink() {
  const now = sending.value;
  if (!now) return null;
  const share = now.total === 0 ? 1 : sum(now.progress.value) / now.total;
  return (
    <a class="quiet sending-link" href="#/">
      Sending {Math.round(share * 100)} %
      <progress aria-label="Sent of all" value={share} max={1} />
    </a>
  );
}
