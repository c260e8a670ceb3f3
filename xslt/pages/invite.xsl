<?xml version="1.0" encoding="UTF-8"?>
<!-- GET, POST /invite/TOKEN: an invited user sets a password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'invite']" mode="content">
	<section class="card narrow form">
		<h1><xsl:value-of select="@title"/></h1>
		<xsl:for-each select="t:link-for">
			<p>Hello <bdi><xsl:value-of select="@name"/></bdi>. You were invited to <bdi class="strong"><xsl:value-of select="@tenant"/></bdi> as <bdi><xsl:value-of select="@email"/></bdi>. Choose a password and you are in.</p>
		</xsl:for-each>
		<xsl:for-each select="t:form"><xsl:call-template name="form"/></xsl:for-each>
	</section>
</xsl:template>
</xsl:stylesheet>
