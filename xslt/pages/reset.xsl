<?xml version="1.0" encoding="UTF-8"?>
<!-- GET, POST /reset/TOKEN: a user sets a new password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'reset']" mode="content">
	<section class="card narrow form">
		<h1><xsl:value-of select="@title"/></h1>
		<xsl:for-each select="t:link-for">
			<p>For <bdi class="strong"><xsl:value-of select="@email"/></bdi>. You are logged out everywhere and log in anew with it.</p>
		</xsl:for-each>
		<xsl:for-each select="t:form"><xsl:call-template name="form"/></xsl:for-each>
	</section>
</xsl:template>
</xsl:stylesheet>
