/** The dashboard's files, and the API's documentation for browsers. */
package dev.gatehouse.admin.web;
