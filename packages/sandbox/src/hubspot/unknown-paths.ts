import type { FastifyInstance } from 'fastify';

/** HubSpot: a path that no API has, such as one with an unknown version, is answered with a web page and no JSON. */
export const unknownPath = `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<title>Error 404 Not Found</title>
</head>
<body><h2>HTTP ERROR 404 Not Found</h2></body>
</html>
`;

export function answerUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html;charset=utf-8').send(unknownPath));
}
