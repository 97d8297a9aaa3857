/** The setting that names what the gateway may call inside private networks. A refused call mentions it as the next step. */
export const allowedPrivateOriginsEnv = 'CHATFERRY_ALLOWED_PRIVATE_ORIGINS';
