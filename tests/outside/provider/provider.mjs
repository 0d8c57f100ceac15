// npm oidc-provider as somebody else wrote it: PKCE enforced, e-mail only from userinfo. One file of settings from us.
import { Provider } from "oidc-provider";

const { port, callback, client, secret, people } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [callback], response_types: ["code"], grant_types: ["authorization_code"] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
  cookies: { keys: ["a key of the tests"] },
  features: { devInteractions: { enabled: true } },
});
provider.proxy = true;
provider.listen(port, "127.0.0.1", () => console.log("ready"));
