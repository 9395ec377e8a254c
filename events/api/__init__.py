"""The doors for scripts: dispatches in, and what became of them out, as JSON.

    curl -H "Authorization: Bearer TOKEN" --data-binary @depeche.xml \\
         "https://site/api/dispatches?source=AFP&published=2016-12-08"

`doors` asks for tokens and words refusals, `views` answers, `description` says in OpenAPI what
goes in and comes out; tests hold every answer against it.
"""
