/** Who is signed in, and the way in and out. */
import { useEffect, useRef } from 'preact/hooks';
import { signInConfig } from '../api/base.ts';
import { signedInAs, signIn, signInWanted, signOut } from '../api/sign-in.ts';
import { tell } from './messages.tsx';

/** In the header. Nothing where the deployment has no sign-in. */
export function Account() {
  if (!signInConfig) return null;
  const name = signedInAs.value;
  return name === null ? (
    <button type="button" onClick={() => tell(signIn)}>
      Sign in
    </button>
  ) : (
    <>
      <span class="hint account" title="Signed in">
        {name}
      </span>
      <button type="button" class="quiet" onClick={signOut}>
        Sign out
      </button>
    </>
  );
}

/** Where something is asked for that needs it. */
export function SignInDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const wanted = signInWanted.value;
  useEffect(() => {
    if (wanted) dialog.current?.showModal();
    else dialog.current?.close();
  }, [wanted]);
  if (!signInConfig) return null;
  return (
    <dialog
      ref={dialog}
      class="key-dialog"
      aria-labelledby="sign-in-title"
      onClose={() => {
        signInWanted.value = false;
      }}
    >
      <h2 id="sign-in-title">Sign in</h2>
      <p>This service is for those who are signed in with their organization’s account.</p>
      <div class="row end">
        <button type="button" class="primary" onClick={() => tell(signIn)}>
          Sign in with Microsoft
        </button>
      </div>
    </dialog>
  );
}
