/** How a request becomes a {@link dev.gatehouse.admin.http.Call} and an answer or a problem becomes a response. */
package dev.gatehouse.admin.http;
