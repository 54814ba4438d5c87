/** Who signs people in, where the deployment uses Microsoft Entra ID. */
export interface SignInConfig {
  /** `https://login.microsoftonline.com/<tenant>`. */
  authority: string;
  clientId: string;
}

/** `config.json` beside the page says where the API is; empty: where the page came from. */
const config = (await (await fetch('config.json')).json()) as { api: string; signIn?: SignInConfig };

export const apiBase = (config.api || location.origin).replace(/\/$/, '');

export const signInConfig = config.signIn ?? null;
