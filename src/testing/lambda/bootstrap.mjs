// What Lambda's own runtime for Node does (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html): loads the module that
// _HANDLER names, asks for events one after the other, and answers each with what the handler gave or threw.
const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`
const post = (path, body) => fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body) })
const told = ({ name, message, stack }) => ({ errorType: name, errorMessage: message, trace: stack.split('\n') })

const [file, name] = _HANDLER.split('.')
let handler
try {
  handler = (await import(`${LAMBDA_TASK_ROOT}/${file}.mjs`))[name]
} catch (error) {
  await post('init/error', told(error))
  process.exit(1)
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`)
  const id = next.headers.get('lambda-runtime-aws-request-id')
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'))
  const context = {
    awsRequestId: id,
    invokedFunctionArn: next.headers.get('lambda-runtime-invoked-function-arn'),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
  try {
    await post(`invocation/${id}/response`, (await handler(await next.json(), context)) ?? null)
  } catch (error) {
    await post(`invocation/${id}/error`, told(error))
  }
}
