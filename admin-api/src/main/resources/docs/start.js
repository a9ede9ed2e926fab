SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: request => {
    request.headers['X-Gatehouse'] = '1'
    return request
  },
})
