import type { SecretStorage } from 'vscode';

/** Keys of servers, in VS Code's secret storage: one a server, so that no other server is ever sent it. */
export class ServerKeys {
  constructor(private readonly secrets: SecretStorage) {}

  async get(url: string): Promise<string | null> {
    const name = nameOf(url);
    return name === null ? null : ((await this.secrets.get(name)) ?? null);
  }

  /** An empty key takes it away. */
  async set(url: string, key: string): Promise<void> {
    const name = nameOf(url);
    if (name === null) return;
    if (key === '') await this.secrets.delete(name);
    else await this.secrets.store(name, key);
  }
}

function nameOf(url: string): string | null {
  return URL.canParse(url) ? `serverKey:${new URL(url).origin}` : null;
}
